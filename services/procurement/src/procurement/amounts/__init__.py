"""What documents come to: lines, allowances, charges, tax and totals, rounded part by part."""
