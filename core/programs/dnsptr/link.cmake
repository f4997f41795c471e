qmail_program(dnsptr LIBRARIES dns)
