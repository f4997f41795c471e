qmail_program(dot-forward LIBRARIES queue control)
