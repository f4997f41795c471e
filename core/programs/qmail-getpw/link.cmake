qmail_program(qmail-getpw DYNAMIC LIBRARIES users)
