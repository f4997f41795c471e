qmail_program(qmail-getpw NSS LIBRARIES users)
