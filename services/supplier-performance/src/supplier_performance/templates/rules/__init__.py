"""What a template may say, what makes sense, and which template fits a supplier. Pure: no database."""
