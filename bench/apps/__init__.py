"""The two applications that the purchase order API is measured against."""
