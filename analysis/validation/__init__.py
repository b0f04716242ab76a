"""Does the dictionary find the topic?"""
