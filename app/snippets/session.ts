const answer = await fetch("https://keybearer.example/v1/connect-sessions", {
  method: "POST",
  headers: {
    Authorization: `Bearer ${process.env.KEYBEARER_API_KEY}`,
    "Content-Type": "application/json",
  },
  body: JSON.stringify({ end_user: { id: "user_42" }, providers: ["PROVIDER_KEY"] }),
});
if (!answer.ok) throw new Error(await answer.text());
const session = await answer.json();
console.log(session.url); // Send the end user's browser there.
