qmail_program(setmaillist LIBRARIES format)
