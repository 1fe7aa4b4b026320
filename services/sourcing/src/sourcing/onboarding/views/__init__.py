"""What answers show of invitations and of what suppliers propose."""
