/** The models at work: what a session makes of them, on the tables that the migration made. */

import { createEngine, func, select, selectinload, sessionmaker } from "athanor";
import { Post } from "./models/post.js";
import { Tag } from "./models/tag.js";
import { User } from "./models/user.js";
import config from "./orm.config.js";

await using engine = createEngine(config.url);
const Sessions = sessionmaker(engine);

await Sessions.begin(async (session) => {
  const ada = new User({ email: "ada@example.org", name: "Ada", role: "author" });
  const engines = new Tag({ label: "engines" });
  ada.posts.push(new Post({ title: "Notes", tags: [engines] }), new Post({ title: "More notes", tags: [engines] }));
  session.add(ada); // the posts and the tag come with her: one INSERT for each table
});

await using session = Sessions();
const users = await session.execute(select(User).options(selectinload(User.posts).selectinload(Post.tags)));
for (const user of users.scalars())
  for (const post of user.posts) console.log(`${user.name}: ${post.title} (${post.tags.map((tag) => tag.label)})`);

const counts = await session.execute(select(Tag.label, func.count().as("posts")).join(Tag.posts).groupBy(Tag.label));
console.log(counts.mappings().all());
