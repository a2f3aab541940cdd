const answer = await fetch("https://keybearer.example/v1/token", {
  method: "POST",
  headers: {
    Authorization: `Bearer ${process.env.KEYBEARER_API_KEY}`,
    "Content-Type": "application/json",
  },
  body: JSON.stringify({ end_user_id: "user_42", provider: "PROVIDER_KEY" }),
});
if (!answer.ok) throw new Error(await answer.text());
const token = await answer.json();
console.log(token.access_token, token.expires_at);
