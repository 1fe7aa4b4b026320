"""What a questionnaire may ask, and what of it is shown."""
