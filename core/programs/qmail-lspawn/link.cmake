qmail_program(qmail-lspawn STAYS LIBRARIES queue users)
