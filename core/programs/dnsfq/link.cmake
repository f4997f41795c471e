qmail_program(dnsfq LIBRARIES dns)
