import json
import os
import urllib.request

request = urllib.request.Request(
    "https://keybearer.example/v1/token",
    data=json.dumps({"end_user_id": "user_42", "provider": "PROVIDER_KEY"}).encode(),
    headers={
        "Authorization": f"Bearer {os.environ['KEYBEARER_API_KEY']}",
        "Content-Type": "application/json",
    },
)
with urllib.request.urlopen(request) as answer:
    token = json.load(answer)
print(token["access_token"], token["expires_at"])
