qmail_program(ipmeprint LIBRARIES dns)
