import json
import os
import urllib.request

request = urllib.request.Request(
    "https://keybearer.example/v1/connect-sessions",
    data=json.dumps({"end_user": {"id": "user_42"}, "providers": ["PROVIDER_KEY"]}).encode(),
    headers={
        "Authorization": f"Bearer {os.environ['KEYBEARER_API_KEY']}",
        "Content-Type": "application/json",
    },
)
with urllib.request.urlopen(request) as answer:
    session = json.load(answer)
print(session["url"])  # Send the end user's browser there.
