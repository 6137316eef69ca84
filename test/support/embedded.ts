/** False where a matrix of servers is tested: the embedded database is the same whatever the server. */
const isTested = process.env.ATHANOR_TEST_EMBEDDED !== "no";

/** For a suite or test that runs on the embedded database. */
export const onEmbedded = isTested ? {} : { skip: "the embedded database is tested with the newest server" };
