qmail_program(rblsmtpd LIBRARIES ucspi)
