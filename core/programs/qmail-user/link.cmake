qmail_program(qmail-user NSS LIBRARIES accounts LINK crypt)
