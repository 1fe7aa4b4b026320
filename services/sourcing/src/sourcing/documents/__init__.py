"""Certificates and other papers of suppliers: submitted, accepted by another, told of before they end."""
