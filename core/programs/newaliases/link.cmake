qmail_program(newaliases LIBRARIES control)
