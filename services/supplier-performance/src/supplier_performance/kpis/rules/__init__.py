"""What a definition may say, which make sense, and those that come with the service. Pure."""
