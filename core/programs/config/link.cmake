qmail_script(config)
