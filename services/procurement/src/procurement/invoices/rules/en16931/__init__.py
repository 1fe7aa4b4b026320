"""The rules of EN 16931 and of Peppol BIS Billing 3.0, each a pure function with its identifier."""
