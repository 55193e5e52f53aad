/* A disk, a clock and a moment of death that can be told to go wrong, under one process.
 *
 * Preloaded (LD_PRELOAD), it stands between a program and libc. What it does is read at each call
 * from a block of numbers shared with the test (FAULTY_CONTROL, laid out as `struct control`), so
 * that a fault comes and goes in mid-session. Every change below the folder FAULTY_FOLDER is also
 * written down in FAULTY_LOG, in the order it happened, for power_cut.py to take apart.
 *
 * Not seen: what is written through a shared mapping (SQLite's -shm, which no restart reads).
 * Ways around write() that would escape the log (copy_file_range, sendfile, fallocate) are refused,
 * and a test holds the log against the files themselves.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* As ctypes has it in faulty.py. */
struct control {
  int64_t room_bytes;     /* by how much files may still grow; negative: no limit */
  int64_t refuse;         /* errno of every change to the disk; 0: none is refused */
  int64_t sync_refuse;    /* errno of fsync; 0: it works */
  int64_t sync_ms;        /* how long fsync takes at least */
  int64_t clock_offset_s; /* of the wall clock */
  int64_t clock_synced;   /* what adjtimex says: 1 synchronised, -1 not, 0 as it is */
  int64_t kill_at;        /* the change in whose midst the process is killed; 0: none */
  int64_t changes;        /* to the disk so far */
};

enum { CREATED = 1, WRITTEN, CUT, SYNCED, RENAMED, REMOVED, FOLDER_MADE, FOLDER_SYNCED };

struct entry {
  uint32_t kind, path_bytes;
  uint64_t t_ns; /* monotonic */
  uint64_t file; /* inode */
  int64_t at;    /* offset of a write, length of a cut, entries before a sync began */
  uint64_t data_bytes;
};

static struct control still = {.room_bytes = -1};
static volatile struct control *control = &still;
static char folder[PATH_MAX];
static size_t folder_bytes;
static int log_fd = -1;
static uint64_t entries;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(result, name, ...)                                   \
  static result (*real_##name)(__VA_ARGS__);                      \
  if (!real_##name) real_##name = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void) {
  const char *name = getenv("FAULTY_CONTROL");
  int fd = name ? syscall(SYS_openat, AT_FDCWD, name, O_RDWR | O_CLOEXEC) : -1;
  if (fd >= 0) {
    void *shared = mmap(NULL, sizeof still, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (shared != MAP_FAILED) control = shared;
    syscall(SYS_close, fd);
  }
  if ((name = getenv("FAULTY_FOLDER")) && realpath(name, folder)) folder_bytes = strlen(folder);
  if ((name = getenv("FAULTY_LOG")))
    log_fd = syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int within(const char *path) {
  return folder_bytes && !strncmp(path, folder, folder_bytes) &&
         (path[folder_bytes] == '/' || !path[folder_bytes]);
}

/* The path of an open file; empty where it has none. */
static void path_of(int fd, char *path) {
  char link[32];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
  path[n > 0 ? n : 0] = 0;
}

static int watched(int fd, char *path) {
  if (!folder_bytes || fd < 0) return 0;
  path_of(fd, path);
  return within(path);
}

static void absolute(int dir, const char *name, char *path) {
  char base[PATH_MAX];
  if (name[0] == '/') {
    snprintf(path, PATH_MAX, "%s", name);
    return;
  }
  if (dir == AT_FDCWD)
    syscall(SYS_getcwd, base, sizeof base);
  else
    path_of(dir, base);
  if (snprintf(path, PATH_MAX, "%s/%s", base, name) >= PATH_MAX) path[0] = 0;
}

static void note(uint32_t kind, uint64_t file, int64_t at, const char *path, const void *data,
                 size_t bytes) {
  if (log_fd < 0) return;
  struct timespec t;
  syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &t);
  const char *below = within(path) ? path + folder_bytes + (path[folder_bytes] == '/') : path;
  struct entry entry = {kind, strlen(below), t.tv_sec * 1000000000ULL + t.tv_nsec, file, at, bytes};
  struct iovec parts[] = {{&entry, sizeof entry},
                          {(void *)below, entry.path_bytes},
                          {(void *)data, bytes}};
  pthread_mutex_lock(&lock);
  if (syscall(SYS_writev, log_fd, parts, 3) < 0) abort();
  entries++;
  pthread_mutex_unlock(&lock);
}

static uint64_t file_of(int fd) {
  struct stat found;
  return fstat(fd, &found) ? 0 : found.st_ino;
}

/* Before each change: whether it is refused (errno is set), and whether the process dies in it. */
static int dies(void) { return __sync_add_and_fetch(&control->changes, 1) == control->kill_at; }

static void die(void) {
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

static int refused(void) {
  if (dies()) die();
  if (!control->refuse) return 0;
  errno = control->refuse;
  return 1;
}

/* How many of these bytes the disk has room for: as a disk does, the first ones of a write. */
static ssize_t room_for(int fd, int64_t at, ssize_t bytes) {
  if (control->room_bytes < 0) return bytes;
  struct stat found;
  if (fstat(fd, &found)) return bytes;
  int64_t grows = at + bytes - found.st_size;
  if (grows <= 0) return bytes;
  if (grows > control->room_bytes) {
    int64_t fits = bytes - (grows - control->room_bytes);
    control->room_bytes = 0;
    if (fits > 0) return fits;
    errno = ENOSPC;
    return -1;
  }
  control->room_bytes -= grows;
  return bytes;
}

/* -- opening */

static int opened(int fd, int existed, int flags, const char *path) {
  if (fd < 0 || !within(path)) return fd;
  if (!existed)
    note(CREATED, file_of(fd), 0, path, NULL, 0);
  else if (flags & O_TRUNC)
    note(CUT, file_of(fd), 0, path, NULL, 0);
  return fd;
}

static int may_open(const char *path, int flags, int *existed) {
  *existed = 1;
  if (!within(path) || (flags & O_DIRECTORY)) return 1;
  *existed = !syscall(SYS_faccessat, AT_FDCWD, path, F_OK);
  int changes = (!*existed && (flags & O_CREAT)) || (flags & O_TRUNC);
  if (changes && refused()) return 0;
  if ((flags & O_ACCMODE) != O_RDONLY && control->refuse == EROFS) {
    errno = EROFS;
    return 0;
  }
  if (!*existed && (flags & O_CREAT) && !control->room_bytes) {
    errno = ENOSPC;
    return 0;
  }
  return 1;
}

#define OPEN(name)                                                 \
  int name(const char *at, int flags, ...) {                       \
    REAL(int, name, const char *, int, ...);                       \
    va_list more;                                                  \
    va_start(more, flags);                                         \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; \
    va_end(more);                                                  \
    char path[PATH_MAX];                                           \
    int existed;                                                   \
    absolute(AT_FDCWD, at, path);                                  \
    if (!may_open(path, flags, &existed)) return -1;               \
    return opened(real_##name(at, flags, mode), existed, flags, path); \
  }
#define OPENAT(name)                                               \
  int name(int dir, const char *at, int flags, ...) {              \
    REAL(int, name, int, const char *, int, ...);                  \
    va_list more;                                                  \
    va_start(more, flags);                                         \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; \
    va_end(more);                                                  \
    char path[PATH_MAX];                                           \
    int existed;                                                   \
    absolute(dir, at, path);                                       \
    if (!may_open(path, flags, &existed)) return -1;               \
    return opened(real_##name(dir, at, flags, mode), existed, flags, path); \
  }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

/* -- writing */

static ssize_t written(int fd, const void *data, size_t bytes, int64_t at, int moves) {
  char path[PATH_MAX];
  REAL(ssize_t, write, int, const void *, size_t);
  REAL(ssize_t, pwrite, int, const void *, size_t, off_t);
  if (!watched(fd, path)) return moves ? real_write(fd, data, bytes) : real_pwrite(fd, data, bytes, at);
  int last = dies();
  if (control->refuse) {
    errno = control->refuse;
    return -1;
  }
  if (moves) {
    struct stat found;
    int appends = fcntl(fd, F_GETFL) & O_APPEND;
    at = appends && !fstat(fd, &found) ? found.st_size : lseek(fd, 0, SEEK_CUR);
  }
  ssize_t room = room_for(fd, at, bytes);
  if (room < 0) return -1;
  if (last) room /= 2;
  ssize_t done = moves ? real_write(fd, data, room) : real_pwrite(fd, data, room, at);
  if (last) die();
  if (done > 0) note(WRITTEN, file_of(fd), at, path, data, done);
  return done;
}

ssize_t write(int fd, const void *data, size_t bytes) { return written(fd, data, bytes, 0, 1); }
ssize_t pwrite(int fd, const void *data, size_t bytes, off_t at) {
  return written(fd, data, bytes, at, 0);
}
ssize_t pwrite64(int fd, const void *data, size_t bytes, off64_t at) {
  return written(fd, data, bytes, at, 0);
}

ssize_t writev(int fd, const struct iovec *parts, int n) {
  char path[PATH_MAX];
  REAL(ssize_t, writev, int, const struct iovec *, int);
  if (!watched(fd, path)) return real_writev(fd, parts, n);
  return n > 0 ? written(fd, parts[0].iov_base, parts[0].iov_len, 0, 1) : 0;
}

#define CUT_TO(name)                                 \
  int name(int fd, off_t length) {                   \
    char path[PATH_MAX];                             \
    REAL(int, name, int, off_t);                     \
    if (!watched(fd, path)) return real_##name(fd, length); \
    if (refused()) return -1;                        \
    if (room_for(fd, 0, length) < length) {          \
      errno = ENOSPC;                                \
      return -1;                                     \
    }                                                \
    int done = real_##name(fd, length);              \
    if (!done) note(CUT, file_of(fd), length, path, NULL, 0); \
    return done;                                     \
  }
CUT_TO(ftruncate)
CUT_TO(ftruncate64)

#define ESCAPES(result, name, parameters, fd)        \
  result name parameters {                           \
    char path[PATH_MAX];                             \
    (void)at;                                        \
    errno = EINVAL;                                  \
    if (watched(fd, path)) return -1;                \
    errno = ENOSYS; /* nobody here needs it elsewhere; callers fall back to write() */ \
    return -1;                                       \
  }
ESCAPES(ssize_t, copy_file_range, (int from, off64_t *at, int to, off64_t *to_at, size_t n, unsigned f), to)
ESCAPES(ssize_t, sendfile, (int to, int from, off_t *at, size_t n), to)
ESCAPES(ssize_t, sendfile64, (int to, int from, off64_t *at, size_t n), to)

static int no_room_ahead(int fd) {
  char path[PATH_MAX];
  return watched(fd, path) ? EOPNOTSUPP : 0;
}
int posix_fallocate(int fd, off_t at, off_t bytes) {
  REAL(int, posix_fallocate, int, off_t, off_t);
  return no_room_ahead(fd) ? EOPNOTSUPP : real_posix_fallocate(fd, at, bytes);
}
int fallocate(int fd, int mode, off_t at, off_t bytes) {
  REAL(int, fallocate, int, int, off_t, off_t);
  if (!no_room_ahead(fd)) return real_fallocate(fd, mode, at, bytes);
  errno = EOPNOTSUPP;
  return -1;
}

/* -- reaching the disk */

static int synced(int fd, int (*real)(int)) {
  char path[PATH_MAX];
  struct stat found;
  if (!watched(fd, path)) return real(fd);
  if (refused()) return -1;
  uint64_t before = entries;
  if (control->sync_ms) usleep(control->sync_ms * 1000);
  if (control->sync_refuse) {
    errno = control->sync_refuse;
    return -1;
  }
  int done = real(fd);
  if (!done && !fstat(fd, &found))
    note(S_ISDIR(found.st_mode) ? FOLDER_SYNCED : SYNCED, found.st_ino, before, path, NULL, 0);
  return done;
}
int fsync(int fd) {
  REAL(int, fsync, int);
  return synced(fd, real_fsync);
}
int fdatasync(int fd) {
  REAL(int, fdatasync, int);
  return synced(fd, real_fdatasync);
}

/* -- names */

static int renamed(int from_dir, const char *from, int to_dir, const char *to, unsigned flags) {
  char old[PATH_MAX], new[PATH_MAX];
  absolute(from_dir, from, old);
  absolute(to_dir, to, new);
  int counts = within(old) || within(new);
  if (counts && refused()) return -1;
  int done = syscall(SYS_renameat2, from_dir, from, to_dir, to, flags);
  if (!done && counts) {
    const char *below = new + folder_bytes + 1;
    note(RENAMED, 0, 0, old, below, strlen(below));
  }
  return done;
}
int rename(const char *from, const char *to) { return renamed(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int a, const char *from, int b, const char *to) { return renamed(a, from, b, to, 0); }
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) {
  return renamed(a, from, b, to, flags);
}

int unlinkat(int dir, const char *name, int flags) {
  char path[PATH_MAX];
  absolute(dir, name, path);
  if (within(path) && refused()) return -1;
  int done = syscall(SYS_unlinkat, dir, name, flags);
  if (!done && within(path)) note(REMOVED, 0, 0, path, NULL, 0);
  return done;
}
int unlink(const char *name) { return unlinkat(AT_FDCWD, name, 0); }
int rmdir(const char *name) { return unlinkat(AT_FDCWD, name, AT_REMOVEDIR); }

int mkdirat(int dir, const char *name, mode_t mode) {
  char path[PATH_MAX];
  absolute(dir, name, path);
  if (within(path) && refused()) return -1;
  int done = syscall(SYS_mkdirat, dir, name, mode);
  if (!done && within(path)) note(FOLDER_MADE, 0, 0, path, NULL, 0);
  return done;
}
int mkdir(const char *name, mode_t mode) { return mkdirat(AT_FDCWD, name, mode); }

/* What the disk says of itself. */
int statvfs(const char *name, struct statvfs *found) {
  char path[PATH_MAX];
  REAL(int, statvfs, const char *, struct statvfs *);
  int done = real_statvfs(name, found);
  absolute(AT_FDCWD, name, path);
  if (!done && within(path)) {
    if (control->refuse == EROFS) found->f_flag |= ST_RDONLY;
    if (control->refuse == ENOSPC || !control->room_bytes) found->f_bfree = found->f_bavail = 0;
  }
  return done;
}
int statvfs64(const char *name, struct statvfs64 *found) {
  return statvfs(name, (struct statvfs *)found); /* the same on 64 bits */
}

/* -- the wall clock */

int clock_gettime(clockid_t which, struct timespec *t) {
  int done = syscall(SYS_clock_gettime, which, t);
  if (!done && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE))
    t->tv_sec += control->clock_offset_s;
  return done;
}
int gettimeofday(struct timeval *restrict t, void *restrict zone) {
  struct timespec now;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &now);
  t->tv_sec = now.tv_sec;
  t->tv_usec = now.tv_nsec / 1000;
  return 0;
}
time_t time(time_t *t) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (t) *t = now.tv_sec;
  return now.tv_sec;
}
int adjtimex(struct timex *state) {
  int said = syscall(SYS_adjtimex, state);
  return control->clock_synced ? (control->clock_synced > 0 ? TIME_OK : TIME_ERROR) : said;
}
