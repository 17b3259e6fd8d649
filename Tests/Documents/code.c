#include <stdio.h>

/* Prints a key.
 * It is not kept. */
static void print_key(const char *key)
{
    printf("%s\n", key);

    fflush(stdout);
}
/* The number of keys. */
int count_keys(void)
{
    return 3;
}

int main(void)
{
    print_key("one");
    return count_keys();
}
