// What a server says once it is up.

/** All of it. A line of the log may come right behind it. */
export const GREETED = /is running at .*\n[\s\S]*\n\n(?=\{|$)/;
