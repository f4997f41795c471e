qmail_program(qmail-lspawn LIBRARIES queue users)
