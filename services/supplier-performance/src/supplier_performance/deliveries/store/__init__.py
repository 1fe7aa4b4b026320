"""Order lines in SQL: `intake` keeps what events say, `judged` measures it."""
