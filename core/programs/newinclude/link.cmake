qmail_program(newinclude LIBRARIES control)
