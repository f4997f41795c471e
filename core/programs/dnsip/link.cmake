qmail_program(dnsip LIBRARIES dns)
