qmail_program(qmail-authd LIBRARIES accounts log)
