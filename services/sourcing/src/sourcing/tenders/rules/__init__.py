"""What a tender may say, when it closes, what may be done to it and by whom."""
