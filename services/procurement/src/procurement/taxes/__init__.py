"""How what we buy is taxed: tax codes, whose rates change from day to day."""
