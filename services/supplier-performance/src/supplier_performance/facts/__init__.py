"""Kinds of fact: what is known of suppliers from events, as rows with typed columns that KPIs are made of."""
