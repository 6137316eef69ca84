/* A provider of security labels that takes any: PostgreSQL's own are for SELinux alone. Of PostgreSQL it needs no headers. */

#include <stddef.h>

/* PostgreSQL looks at this before it loads a library. */
typedef struct {
  int version, funcmaxargs, indexmaxkeys, namedatalen, float8byval;
#if PG_MAJOR >= 15
  char abi_extra[32];
#endif
} Abi;

typedef struct {
  int len;
  Abi abi;
#if PG_MAJOR >= 18
  const char *name, *version;
#endif
} Magic;

#if PG_MAJOR >= 15
static const Magic magic = {sizeof(Magic), {PG_MAJOR * 100, 100, 32, 64, 1, "PostgreSQL"}};
#else
static const Magic magic = {sizeof(Magic), {PG_MAJOR * 100, 100, 32, 64, 1}};
#endif

const Magic *Pg_magic_func(void) { return &magic; }

/* The object's address, whose insides are of no concern here. */
typedef struct ObjectAddress ObjectAddress;

extern void register_label_provider(const char *name, void (*check)(const ObjectAddress *object, const char *label));

static void accept(const ObjectAddress *object, const char *label) { (void)object, (void)label; }

void _PG_init(void) {
  register_label_provider("anon", accept);
  register_label_provider("odd \"provider", accept);
}
