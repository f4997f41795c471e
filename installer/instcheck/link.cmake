qmail_program(instcheck DYNAMIC LIBRARIES facts)
