"""What the organisation's services have agreed on: events, roles and scopes, and their schemas."""
