qmail_program(checkvida NSS LIBRARIES accounts LINK crypt)
