"""The applications that the purchase order API is measured against."""
