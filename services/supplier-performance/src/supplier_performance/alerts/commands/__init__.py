"""Writing, trying and activating rules; what people do about alerts; watching KPIs day by day."""
