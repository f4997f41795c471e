# The resident qmail-queue with clients.
script_tests(qmail-queue/resident.py PREFIX program.qmail-queue.resident TIMEOUT 120)
