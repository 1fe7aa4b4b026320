"""What is decided about invitations and about what suppliers propose."""
