"""What if: changed templates and KPIs over history, and whose grade would have been another."""
