qmail_program(printmaillist LIBRARIES format)
