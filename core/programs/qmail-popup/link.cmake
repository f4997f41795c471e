qmail_program(qmail-popup LIBRARIES pop3 tls)
