"""UBL 2.1 as Peppol BIS 3: what orders say as XML, and what suppliers' answers and despatch advices say."""
