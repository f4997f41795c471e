# Power cuts under load; QMAIL_LONG=1 makes 200 of them on each file system instead of 20.
system_scenarios(${CMAKE_CURRENT_SOURCE_DIR}/power.py TIMEOUT 1800)
