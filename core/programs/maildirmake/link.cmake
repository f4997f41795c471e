qmail_program(maildirmake LIBRARIES base)
