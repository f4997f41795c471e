qmail_program(cmd5checkpw NSS LIBRARIES accounts)
