qmail_program(checklocalpwd NSS LIBRARIES accounts LINK crypt)
