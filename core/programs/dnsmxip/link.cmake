qmail_program(dnsmxip LIBRARIES dns)
