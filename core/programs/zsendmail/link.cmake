qmail_program(zsendmail LIBRARIES activity)
