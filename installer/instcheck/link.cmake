qmail_program(instcheck DYNAMIC LIBRARIES hier transaction)
