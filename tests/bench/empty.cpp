// The floor under every program start: what is left is the kernel's and the C library's.
int main() { return 0; }
